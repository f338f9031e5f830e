/**
 * Environment variable with the URL of an IRIS (or emulator) that a program started for the processes below it. Child processes
 * inherit it, other programs never see it; discovery takes it for the server when nothing nearer is configured.
 */
export const STARTED_INSTANCE_VARIABLE = 'IRIS_DEVTOOLS_STARTED_URL';
