package dev.lanewise.badinput;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every public method refuses bad input, or the catalogue says why there is none. */
final class PublicApiTest {

  private static final BadInputs CATALOGUE = catalogue();

  private static BadInputs catalogue() {
    BadInputs all = new BadInputs();
    TensorCases.list(all);
    KernelCases.list(all);
    NetCases.list(all);
    DataCases.list(all);
    EncodingCases.list(all);
    MetricCases.list(all);
    PlanCases.list(all);
    ReferenceCases.list(all);
    OptimCases.list(all);
    ModelCases.list(all);
    OnnxCases.list(all);
    CheckCases.list(all);
    TrainCases.list(all);
    LearnCases.list(all);
    CombiningCases.list(all);
    SearchCases.list(all);
    return all;
  }

  @Test
  void everyPublicMethodIsInTheCatalogue() {
    Set<String> missing = names(covered());
    missing.removeAll(listed());
    assertEquals("", String.join("\n", missing));
  }

  @Test
  void theCatalogueNamesNothingThatIsNotPublic() {
    Set<String> unknown = listed();
    unknown.removeAll(names(PublicApi.members()));
    assertEquals("", String.join("\n", unknown));
  }

  @Test
  void noMethodBothRefusesAndTakesAnything() {
    Set<String> both =
        CATALOGUE.cases().stream()
            .map(BadInputs.Case::member)
            .collect(Collectors.toCollection(TreeSet::new));
    both.retainAll(CATALOGUE.takingAnything().keySet());
    assertEquals(Set.of(), both);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void badInputIsRefusedByNameAndValue(BadInputs.Case bad) {
    Throwable refusal = assertThrows(bad.type(), bad.call());
    assertTrue(
        String.valueOf(refusal.getMessage()).contains(bad.says()),
        () ->
            "%s: \"%s\"; expected it to say \"%s\""
                .formatted(bad, refusal.getMessage(), bad.says()));
  }

  static Stream<BadInputs.Case> cases() {
    return CATALOGUE.cases().stream();
  }

  @Test
  void nullIsRefusedByName() {
    List<String> wrong = new ArrayList<>();
    for (PublicApi.Member member : covered()) {
      Parameter[] parameters = member.executable().getParameters();
      for (int i = 0; i < parameters.length; i++) {
        if (!parameters[i].getType().isPrimitive()
            && !CATALOGUE.takesNull(member, parameters[i].getName())) {
          NullCall.of(member, i).complaint().ifPresent(wrong::add);
        }
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  /** All but the hot loops, which check nothing: who calls them has checked. */
  private static List<PublicApi.Member> covered() {
    return PublicApi.members().stream()
        .filter(member -> !KernelCases.isHotLoop(member.executable().getDeclaringClass()))
        .toList();
  }

  private static Set<String> names(List<PublicApi.Member> members) {
    return members.stream().map(Object::toString).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> listed() {
    Set<String> listed = new TreeSet<>(CATALOGUE.takingAnything().keySet());
    CATALOGUE.cases().forEach(c -> listed.add(c.member()));
    return listed;
  }
}
