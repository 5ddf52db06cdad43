import { connect } from 'lockstep';

export const session = connect({ hub: import.meta.env.VITE_HUB });
