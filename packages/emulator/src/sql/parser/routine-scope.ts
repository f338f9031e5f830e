/** What is allowed only in the body of a routine in SQL: SELECT INTO, once for each statement. */
export class RoutineScope {
  #inside = false;
  #intoAllowed = false;

  /** Runs `parse` on a body. */
  inside<Result>(parse: () => Result): Result {
    this.#inside = true;
    try {
      return parse();
    } finally {
      this.#inside = false;
      this.#intoAllowed = false;
    }
  }

  /** Call at the start of a statement: its outermost SELECT, which is the first one to be read, may have INTO. */
  beginStatement(isSelect: boolean): void {
    this.#intoAllowed = this.#inside && isSelect;
  }

  /** Whether the SELECT that is read now may have INTO. */
  takeIntoAllowed(): boolean {
    const allowed = this.#intoAllowed;
    this.#intoAllowed = false;
    return allowed;
  }
}
