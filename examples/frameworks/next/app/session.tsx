'use client';

import { connect } from 'lockstep';
import { LockstepProvider } from 'lockstep/react';
import type { ReactNode } from 'react';

const session = connect({ hub: process.env.NEXT_PUBLIC_HUB ?? '' });

export function Session({ children }: { readonly children: ReactNode }) {
  return <LockstepProvider session={session}>{children}</LockstepProvider>;
}
