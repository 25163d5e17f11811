package io.involution.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.involution.evaluate.ConfusionCounts;
import io.involution.evaluate.Evaluation;
import io.involution.evaluate.artifact.Confusion;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassResultTest {
  private static Confusion confusion(int classes) {
    ConfusionCounts counts = new ConfusionCounts(classes);
    counts.add(0, 0, 3);
    counts.add(0, classes - 1, 1);
    counts.add(classes - 1, classes - 1, 2);
    List<String> names = IntStream.range(0, classes).mapToObj(i -> "class-" + i).toList();
    return new Evaluation(1, counts, List.of()).confusion(4, names);
  }

  @Test
  void accuracyOfAClassIsTheShareOfItsOwnExamples() {
    assertThat(ClassResult.of(confusion(3)))
        .containsExactly(
            new ClassResult("class-0", 0.75, 4),
            new ClassResult("class-1", null, 0),
            new ClassResult("class-2", 1.0, 2));
  }

  /** All counts of as many classes would not fit into memory. */
  @Test
  void tenThousandClassesAreWrittenAsTheirCountsAboveZero() throws IOException {
    Confusion many = confusion(10_000);

    Confusion read = Json.MAPPER.readValue(Json.line(many), Confusion.class);

    assertThat(many.nonZero()).hasSize(3);
    assertThat(read).isEqualTo(many);
    assertThat(ClassResult.of(read))
        .hasSize(10_000)
        .startsWith(new ClassResult("class-0", 0.75, 4));
    assertThat(Json.line(confusion(3))).contains("\"counts\":[[3,0,1],").doesNotContain("cells");
  }
}
