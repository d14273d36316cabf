import { describeRouter } from './contract.ts';
import { grafbase } from './routers.ts';

describeRouter(grafbase);
