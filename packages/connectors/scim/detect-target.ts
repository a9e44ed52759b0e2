import type { Detection, Finding } from '@usher/connector-sdk';
import { type Dialect, type ScimClient, suggestDialects, type TargetProbe } from '@usher/scim';
import { callTarget } from './connector-failure.ts';

/** Asks the target and tries it by reading, and says beside it what the present settings make of it. */
export async function detectTarget(
  client: ScimClient,
  dialects: readonly Dialect[],
  baseUrl: string,
): Promise<Detection> {
  const probe = await callTarget(() => client.probe());
  const known = new Set(dialects.map(({ id }) => id));
  const suggested = suggestDialects({ baseUrl, headers: probe.headers }).filter(({ id }) => known.has(id));
  return {
    suggestions: suggested.map(({ id, label, deactivate }) => ({
      label,
      options: { dialect: id },
      reason: `Its address or its answers are those of ${label}. Deactivating there: ${deactivate.note}`,
    })),
    findings: buildFindings(probe, client.dialect),
  };
}

function buildFindings(probe: TargetProbe, dialect: Dialect): Finding[] {
  return [
    describeUpdates(probe, dialect),
    describeSearch(probe, dialect),
    describePaging(probe, dialect),
    describeVersions(probe, dialect),
    describeBulk(probe, dialect),
    describeGroups(probe, dialect),
    describeSchema(probe),
    describeLeaving(dialect),
    ...(probe.oddities.length > 0 ? [describeOddities(probe)] : []),
  ];
}

/** Verbs that write cannot be tried without writing. */
function describeUpdates({ discovery }: TargetProbe, { update, users }: Dialect): Finding {
  const declared = discovery.overrides.update;
  const used = `An update is sent by ${update.toUpperCase()}${users.patch && users.put ? ', and by the other verb when that is refused' : ''}.`;
  const fits = declared === undefined || declared === update;
  return {
    subject: 'Updates',
    declared: declared === undefined ? undefined : `PATCH is ${declared === 'patch' ? '' : 'not '}supported`,
    used,
    options: fits ? undefined : { update: declared },
  };
}

const SEEN_FILTER: Record<TargetProbe['filter'], string | undefined> = {
  works: 'a search by userName finds who is there, and nobody else',
  ignored: 'a search gives everybody, whatever was asked for',
  refused: 'a search is refused',
  'finds nobody': 'a search finds nobody, although somebody is there',
  unknown: undefined,
};

function describeSearch(probe: TargetProbe, { filter }: Dialect): Finding {
  const declared = probe.discovery.overrides.filter?.supported;
  const seen = [
    SEEN_FILTER[probe.filter],
    probe.filter === 'works' && probe.externalIdFilter !== 'taken' ? 'not by externalId' : undefined,
    probe.caseSensitive === true ? 'by letter case' : undefined,
  ].filter((part) => part !== undefined);
  const works = probe.filter === 'works' || probe.filter === 'unknown';
  const used = filter.supported
    ? 'Accounts are searched by filter, and each one found is checked here.'
    : `Accounts are searched by reading the list, up to ${filter.scanLimit}.`;
  return {
    subject: 'Searching',
    declared: declared === undefined ? undefined : `filters are ${declared ? '' : 'not '}supported`,
    observed: seen.length === 0 ? undefined : seen.join(', '),
    used,
    options: filter.supported === works || probe.filter === 'unknown' ? undefined : { filter: works },
  };
}

function describePaging({ discovery, paging }: TargetProbe, dialect: Dialect): Finding {
  const declared = discovery.overrides.paging;
  const { method, pageSize } = dialect.paging;
  const wanted = paging === 'ignored' ? 'none' : (declared?.method ?? method);
  const told = [
    declared?.method === undefined ? undefined : `pages by ${declared.method}`,
    declared?.pageSize === undefined ? undefined : `at most ${declared.pageSize} a page`,
  ].filter((part) => part !== undefined);
  return {
    subject: 'Lists',
    declared: told.length === 0 ? undefined : told.join(', '),
    observed:
      paging === 'unknown'
        ? undefined
        : paging === 'works'
          ? 'the second page is another one'
          : 'every page is the first',
    used:
      method === 'none'
        ? 'The whole list is asked for at once.'
        : `Lists are read by ${method}, ${pageSize} at a time.`,
    options: wanted === method ? undefined : { paging: wanted },
  };
}

function describeVersions({ discovery, versions }: TargetProbe, { etag }: Dialect): Finding {
  const declared = discovery.overrides.etag;
  return {
    subject: 'Versions',
    declared: declared === undefined ? undefined : `versions are ${declared ? '' : 'not '}supported`,
    observed: versions === undefined ? undefined : `a user comes ${versions ? 'with' : 'without'} a version`,
    used: etag ? 'A change is sent with the version that was read.' : 'A change is sent without a version.',
    options: etag && versions === false ? { etag: false } : undefined,
  };
}

function describeBulk({ discovery }: TargetProbe, { bulk }: Dialect): Finding {
  const declared = discovery.overrides.bulk;
  const limits = declared?.supported ? `, at most ${declared.maxOperations} operations a request` : '';
  return {
    subject: 'Bulk requests',
    declared:
      declared?.supported === undefined ? undefined : `bulk is ${declared.supported ? '' : 'not '}supported${limits}`,
    used: bulk.supported ? `Up to ${bulk.maxOperations} operations a request.` : 'Each operation is a request.',
    options: bulk.supported && declared?.supported === false ? { bulk: false } : undefined,
  };
}

const SEEN_GROUPS: Record<TargetProbe['groups'], string | undefined> = {
  present: 'groups can be read',
  absent: 'there is no endpoint for groups',
  failing: 'reading groups fails',
  unknown: undefined,
};

function describeGroups({ discovery, groups }: TargetProbe, dialect: Dialect): Finding {
  const { hasGroups } = discovery;
  const { get } = dialect.groups;
  const has = groups === 'present' || (groups === 'unknown' && hasGroups !== false);
  return {
    subject: 'Groups',
    declared: hasGroups === undefined ? undefined : `it has ${hasGroups ? 'groups' : 'no groups'}`,
    observed: SEEN_GROUPS[groups],
    used: get ? 'Groups can be managed, members by differences.' : 'Groups are left alone.',
    options: get && !has ? { groups: false } : undefined,
  };
}

function describeSchema({ discovery: { userAttributes, problems } }: TargetProbe): Finding {
  const missing = problems.map(({ document }) => document);
  const what =
    userAttributes === undefined ? 'its attributes are not described' : `${userAttributes.length} attributes of users`;
  return {
    subject: 'Attributes',
    declared: missing.length === 0 ? what : `${what}; it has no ${missing.join(', no ')} that could be read`,
    used:
      userAttributes === undefined
        ? "The standard's attributes are offered for the mapping; what is not taken is told when it is sent."
        : 'The target’s own attributes are offered for the mapping and checked when it is saved.',
  };
}

function describeLeaving({ deactivate, delete: deletion }: Dialect): Finding {
  const cannot = 'cannot be seen without doing it';
  return {
    subject: 'Deactivating and deleting',
    observed: cannot,
    used: `Deactivating: ${deactivate.note} (${deactivate.basis}) Deleting: ${deletion.note} (${deletion.basis})`,
  };
}

function describeOddities({ oddities }: TargetProbe): Finding {
  return {
    subject: 'Spelling',
    observed: oddities.join('; '),
    used: 'It is read leniently; what is sent is the standard’s.',
  };
}
