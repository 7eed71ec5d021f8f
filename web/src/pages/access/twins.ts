/** Tells who has a name that somebody else in the list has too: nobody could choose between them without their ids. */
export function twinsOf(people: readonly { readonly name: string }[]): (person: { readonly name: string }) => boolean {
  const groups = Map.groupBy(people, person => person.name);
  return ({ name }) => (groups.get(name)?.length ?? 0) > 1;
}
