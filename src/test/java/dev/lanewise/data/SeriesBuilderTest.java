package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.Allocation;
import dev.lanewise.data.Table.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Cells of one column, as its builder keeps them. */
final class SeriesBuilderTest {

  /** Small numbers come as numbers; beyond 2⁵³ they come as texts, whose spellings are kept. */
  @Property
  void eachLongIsGivenBackWhateverStandsAmongThem(
      @ForAll @Size(min = 1, max = 30) List<Long> longs, @ForAll @Size(30) List<Boolean> small) {
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < longs.size(); i++) {
      rows.add(List.of(small.get(i) ? longs.get(i) % 1000 : longs.get(i)));
    }
    Table table = Table.ofRows(List.of("id"), rows);
    for (int i = 0; i < rows.size(); i++) {
      assertEquals(rows.get(i).get(0).toString(), table.text(i, 0));
    }
  }

  /** With one census a cell, this would take a thousand times as long as counting the texts. */
  @Test
  void aLabelOfManyTextsIsJudgedOnce() {
    SeriesBuilder builder =
        new SeriesBuilder(
            new SeriesBuilder.Hints(null, true, null, Set.of(), new double[0]), true, false);
    Map<String, Integer> counts = new HashMap<>();
    long counting =
        Allocation.cpuOf(200_000, i -> counts.merge("w" + Math.min(i, 1 << 14), 1, Integer::sum));
    long adding = Allocation.cpuOf(200_000, i -> builder.add("w" + Math.min(i, 1 << 14)));
    assertTrue(adding < 100 * counting, adding + " ns; counting takes " + counting);
    assertEquals(Kind.CATEGORY, builder.finish("y", false).kind());
  }

  @Test
  void aKindByNumberStandsBesideALabelByName() {
    TableReader reader = TableReader.create().withHeader(true).withLabels("y");
    String[] lines = {"a,y", "1,0", "2,1"};
    assertEquals(Kind.BOOLEAN, Tables.read(reader.withKind("2", Kind.BOOLEAN), "t", lines).kind(1));
    assertEquals(Kind.BOOLEAN, Tables.read(reader.withKind("y", Kind.BOOLEAN), "t", lines).kind(1));
  }
}
