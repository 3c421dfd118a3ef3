/** An error that is the user's to know: printed as its sentence, without a stack. */
export class Failure extends Error {}
