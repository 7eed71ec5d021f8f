import { LogOut, Moon, Sun, SunMoon, UserRound } from 'lucide-react';
import { useLayoutEffect, useState } from 'react';
import { Link, matchPath, Route, Routes, useLocation, useNavigationType } from 'react-router';
import { useApi } from '../api/api.ts';
import { endSession } from '../api/session.ts';
import { IconButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { AppNavigation } from './app-navigation.tsx';
import { AppSwitcher } from './app-switcher.tsx';
import { FaultBoundary } from './fault-boundary.tsx';
import { type Place, pathTo } from './place.ts';
import { ROUTES } from './routes.tsx';
import styles from './shell.module.css';
import { keepTheme, readTheme, THEMES, type Theme } from './theme.ts';

/** What is around every page: where one is, where one can go, who one is. */
export function Shell() {
  const { pathname } = useLocation();
  const how = useNavigationType();
  // Another page begins at its top; Back leads to where one was, which is the browser's own work.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every other address
  useLayoutEffect(() => {
    if (how !== 'POP') window.scrollTo(0, 0);
  }, [pathname]);
  const match = matchPath('/orgs/:org/apps/:app/*', pathname);
  const { org, app } = match?.params ?? {};
  const place: Place | undefined = org === undefined || app === undefined ? undefined : { org, app };
  return (
    <div className={styles.shell}>
      <a href="#main" className={styles.skip}>
        Skip to the content
      </a>
      <header className={styles.bar}>
        <Link to={pathTo.home()} className={styles.brand} aria-label="Pipecall: all apps">
          <img src={new URL('../icon.svg', import.meta.url).href} alt="" width={26} height={26} />
          <span className={styles.brandName}>Pipecall</span>
        </Link>
        <AppSwitcher place={place} />
        <div className={styles.grow} />
        <ThemeMenu />
        <PersonMenu />
      </header>
      {place === undefined ? null : <AppNavigation key={`${place.org}/${place.app}`} place={place} />}
      <main id="main" tabIndex={-1} className={styles.main}>
        <FaultBoundary at={pathname}>
          <Routes>
            {ROUTES.map(route => (
              <Route key={route.path} path={route.path} element={route.element} />
            ))}
          </Routes>
        </FaultBoundary>
      </main>
    </div>
  );
}

const THEME_LOOKS = {
  system: { label: 'As the system', icon: SunMoon },
  light: { label: 'Light', icon: Sun },
  dark: { label: 'Dark', icon: Moon },
} as const;

function ThemeMenu() {
  const [theme, setTheme] = useState(readTheme);
  const choose = (next: Theme): void => {
    keepTheme(next);
    setTheme(next);
  };
  const items = THEMES.map(one => ({ ...THEME_LOOKS[one], chosen: one === theme, act: () => choose(one) }));
  return <Menu trigger={<IconButton label="Light or dark" icon={THEME_LOOKS[theme].icon} />} groups={[{ items }]} />;
}

function PersonMenu() {
  const me = useApi('getCurrentUser', {});
  return (
    <Menu
      trigger={<IconButton label={me.data === undefined ? 'You' : `You: ${me.data.name}`} icon={UserRound} />}
      groups={[
        {
          ...(me.data === undefined ? {} : { label: me.data.name }),
          items: [{ label: 'Who am I, what may I do', icon: UserRound, to: pathTo.me() }],
        },
        { items: [{ label: 'Sign out', icon: LogOut, act: () => endSession() }] },
      ]}
    />
  );
}
