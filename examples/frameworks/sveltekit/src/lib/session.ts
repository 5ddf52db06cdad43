import { connect } from 'lockstep';
import { PUBLIC_HUB } from '$env/static/public';

export const session = connect({ hub: PUBLIC_HUB });
