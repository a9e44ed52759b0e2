import { Link, useParams } from '@tanstack/react-router';
import { type Place, placeTexts } from '../texts/places.ts';

/** The way to where a thing is mended; none to a part of an app where no app is shown. */
export function PlaceLink({ place }: { place: Place }) {
  const { app } = useParams({ strict: false });
  const { page } = placeTexts[place];
  if (place === 'apps' || place === 'users') return <Link to={`/${place}`}>{page}</Link>;
  if (app === undefined) return null;
  const params = { app };
  switch (place) {
    case 'setup':
      return (
        <Link to="/apps/$app/setup" params={params}>
          {page}
        </Link>
      );
    case 'credential':
    case 'mapping':
    case 'drill':
    case 'pilot':
      return (
        <Link
          to="/apps/$app/setup"
          params={params}
          search={{ step: place === 'credential' || place === 'mapping' ? place : 'start' }}
        >
          {page}
        </Link>
      );
    case 'versions':
      return (
        <Link to="/apps/$app/mapping" params={params} search={{ view: 'versions' }}>
          {page}
        </Link>
      );
    case 'test users':
      return (
        <Link to="/apps/$app/drills" params={params}>
          {page}
        </Link>
      );
    case 'plans':
    case 'matching':
    case 'drills':
    case 'rollouts':
      return (
        <Link to={`/apps/$app/${place}`} params={params}>
          {page}
        </Link>
      );
  }
}
