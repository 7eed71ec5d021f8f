import { useWeb } from '../kit/browser/use-web.ts';
import { AREAS } from './pages/index.ts';
import { lookAt } from './pages/looks.ts';
import { tabThrough } from './pages/tab-walk.ts';

const web = useWeb();

lookAt(web, AREAS.pipelines);
tabThrough(web, AREAS.pipelines);
