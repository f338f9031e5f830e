import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const layer = (n) => ({
  sourceTag: `layer:${n}`,
  onlyDependOnLibsWithTags: Array.from({ length: n }, (_, below) => `layer:${below}`),
});

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'docs/api/**', '.nx/**', '.interop/**', '**/*.d.ts'] },
  {
    files: [
      'packages/*/src/**/*.ts',
      'packages/*/test/**/*.ts',
      'examples/*/{src,test,test-postgres,test-wsgi}/**/*.ts',
      'bench/**/*.ts',
    ],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], depConstraints: [0, 1, 2, 3, 4].map(layer) },
      ],
    },
  },
  {
    // A command wires packages together, so it may import what the library behind it may not.
    files: ['packages/*/src/bin/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
  {
    files: ['packages/*/test/**/*.ts', 'examples/*/{test,test-postgres,test-wsgi}/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': 'off',
      // A describe block is a list of cases, not a function to be read whole.
      'max-lines-per-function': 'off',
      'no-console': 'off',
    },
  },
);
