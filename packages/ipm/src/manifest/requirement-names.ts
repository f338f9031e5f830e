/** Names of the packages in a requirements file, in lower case with `-` for `_` and `.`. */
export function requirementNames(text: string): string[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => {
    const match = /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:$|[\s[<>=!~;@#(])/.exec(line);
    return match?.[1] === undefined ? [] : [match[1].toLowerCase().replaceAll(/[-_.]+/g, '-')];
  });
}
