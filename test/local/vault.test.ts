import { randomBytes } from 'node:crypto';
import { createVault } from '../../local/vault.ts';
import { vaultContract } from '../kit/vault-contract.ts';

vaultContract(() => createVault(randomBytes(32)));
