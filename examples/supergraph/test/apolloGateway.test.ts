import { describeRouter } from './contract.ts';
import { apolloGateway } from './routers.ts';

describeRouter(apolloGateway);
