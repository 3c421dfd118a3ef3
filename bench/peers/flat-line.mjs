/** What a peer's line of one flat object says, once its keys have the names that all peers are compared by. */
export function flatLine({ time, level, message, target, file, line, request, user, ...fields }) {
  const bound = request === undefined ? {} : { request, user };
  return { time, level, message, target, file, line, fields, bound };
}
