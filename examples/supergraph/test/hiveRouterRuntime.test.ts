import { describeRouter } from './contract.ts';
import { hiveRouterRuntime } from './routers.ts';

describeRouter(hiveRouterRuntime);
