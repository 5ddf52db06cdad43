import { connect } from 'lockstep';

export function show(element) {
  const session = connect({ hub: HUB });
  const render = ({ status, subject }) => element.replaceChildren(`Remote: ${subject ?? status}`);
  render(session.getSnapshot());
  session.subscribe(render);
}
