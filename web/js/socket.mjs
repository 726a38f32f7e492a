// What a WebSocket says, as its data alone: an event that crosses to Python and is asked for its data there costs more
// than all that Python does with the text. The answer ends it.
export function hear(socket, received) {
  const heard = (event) => received(event.data);
  socket.addEventListener("message", heard, flowglow.life.listening);
  return () => socket.removeEventListener("message", heard);
}
