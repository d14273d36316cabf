import { describeRouter } from './contract.ts';
import { hiveGateway } from './routers.ts';

describeRouter(hiveGateway);
