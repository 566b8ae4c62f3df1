package dev.conntrail.spec;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** That of {@link Axes#CURE}. */
final class CureAxis extends CommonAxis.OfCures {
  CureAxis() {
    super("cure", Part.CURE);
  }

  @Override
  public Set<Ability> needs(Cure value) {
    Set<Ability> needs = EnumSet.noneOf(Ability.class);
    value.proxied().ifPresent(p -> needs.add(p.policy().program().ability()));
    value.proxied().filter(p -> p.pool() != 1).ifPresent(_ -> needs.add(Ability.PROXIES));
    value.balanced().filter(Route::named).ifPresent(_ -> needs.add(Ability.DNS));
    return needs;
  }

  // how rules of a zone follow a change nobody looks at on a cluster
  @Override
  public Stream<Need> needs(Cell cell) {
    return Stream.concat(
        super.needs(cell),
        Stream.of(new Need(word(), effective(cell), Ability.OWN_NODES))
            .filter(_ -> cell.cure().sameZone() && !cell.course().events().isEmpty()));
  }

  @Override
  public boolean keyed(Cell cell) {
    return !cell.cure().equals(Cure.NONE);
  }

  @Override
  public Optional<String> phrase(Cell cell) {
    return Optional.of(cell.cure()).filter(c -> !c.equals(Cure.NONE)).map(Cure::phrase);
  }

  @Override
  public Optional<Refusal> refusal(Cell cell) {
    return CureRefusals.cure(cell);
  }
}
