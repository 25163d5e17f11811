package io.involution.experiment;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.involution.config.InvolutionOptions;
import io.involution.config.ModelChoice;
import io.involution.config.TrainConfig.NamedText;
import io.involution.config.TrainOptions;
import io.involution.failure.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MatrixFileTest {
  private static final Map<String, Integer> SHIPPED_CELLS =
      Map.ofEntries(
          entry("reference", 6),
          entry("averaging", 26),
          entry("involution", 12),
          entry("involution-workers", 33),
          entry("deep", 8),
          entry("deep-workers", 14),
          entry("smoke", 7),
          entry("momentum", 28),
          entry("outer-step", 123),
          entry("outer-momentum", 6),
          entry("updater-state", 15));

  private static Matrix read(String text) {
    return MatrixFile.read(new NamedText("my.conf", text));
  }

  private static List<TrainOptions> cells(Matrix matrix) {
    return matrix.cells().stream().map(CellOptions::train).toList();
  }

  private static void assertRefused(String text, String... parts) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> read(text))
        .satisfies(
            e -> {
              assertThat(e.getMessage()).startsWith("my.conf: ").contains(parts);
              assertThat(e.getMessage()).doesNotContain("\n");
            });
  }

  @Test
  void gridGivesAllCombinationsInTheFilesOrderAndCellsFollow() {
    Matrix matrix =
        read(
            """
            experiment {
              name = m, tags = [a, b], retries = 2, parallel = 3, time-limit = 8h, out = "x/{date}"
              defaults { epochs = 5, seed = 7, model = involution }
              grid {
                workers = [1, 2]
                averaging-period = [4, epoch]
              }
              cells = [
                { model = convolution, epochs = 1 }
                { kernel-size = 5, groups = 3 }
                { model = involution-wide }
              ]
            }
            """);

    assertThat(matrix.tags()).containsExactly("a", "b");
    assertThat(matrix.retries()).isEqualTo(2);
    assertThat(matrix.parallel()).contains(3);
    assertThat(matrix.timeLimit()).contains(Duration.ofHours(8));
    assertThat(matrix.out()).isEqualTo("x/{date}");
    assertThat(cells(matrix))
        .extracting(
            cell -> cell.cluster().workers().orElse(0) + "/" + cell.averaging().period().word())
        .containsExactly("1/4", "1/epoch", "2/4", "2/epoch", "0/16", "0/16", "0/16");
    assertThat(cells(matrix)).extracting(TrainOptions::seed).containsOnly(7L);
    assertThat(cells(matrix).get(4).model()).isEqualTo(ModelChoice.parse("convolution"));
    assertThat(cells(matrix).get(4).epochs().whole()).isEqualTo(1);
    assertThat(cells(matrix).get(5).involution()).isEqualTo(new InvolutionOptions(5, 3, 2, 1));
    assertThat(cells(matrix).get(6).model()).isEqualTo(ModelChoice.parse("involution-wide"));
  }

  @Test
  void whatIsLeftOutHasDefaults() {
    Matrix matrix = read("experiment { name = m }");

    assertThat(matrix.cells()).hasSize(1);
    assertThat(matrix.retries()).isZero();
    assertThat(matrix.parallel()).isEmpty();
    assertThat(matrix.timeLimit()).isEmpty();
    assertThat(matrix.out()).isEqualTo("runs/{name}");
    assertThat(read("experiment { name = m, cells = [{ seed = 1 }] }").cells()).hasSize(1);
  }

  @Test
  void aCellMayStartFromARecipe() {
    Matrix matrix =
        read(
            "experiment { name = m, defaults { epochs = 3 },"
                + " grid { config = [convolution, involution-wide] } }");

    assertThat(matrix.cells())
        .extracting(cell -> cell.recipe().orElse("none"))
        .containsExactly("convolution", "involution-wide");
    assertThat(cells(matrix))
        .extracting(cell -> cell.model().word() + " " + cell.epochs().word())
        .containsExactly("convolution 3", "involution-wide 3");
    assertThat(cells(matrix)).allMatch(cell -> cell.learningRate().rate().orElseThrow() == 0.002);
  }

  @Test
  void theCommandLineOverrides() {
    Matrix matrix = read("experiment { name = m, parallel = 3, time-limit = 8h }");

    assertThat(matrix.with(Optional.of(1), Optional.empty()).parallel()).contains(1);
    assertThat(matrix.with(Optional.of(1), Optional.empty()).timeLimit())
        .contains(Duration.ofHours(8));
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> matrix.with(Optional.of(0), Optional.empty()))
        .withMessage("--parallel is 0: use 1 or more");
  }

  @Test
  void unknownKeysAreRefused() {
    assertRefused("experiment { name = m, gird { seed = [1] } }", "unknown key experiment.gird");
    assertRefused("experiment { name = m }, train { seed = 1 }", "unknown key train");
    assertRefused("train { seed = 1 }", "unknown key train");
    assertRefused("", "no section named experiment");
    assertRefused("experiment = 3", "no section named experiment");
  }

  @ParameterizedTest
  @CsvSource({
    "'defaults { sede = 1 }', sede is not an option of a cell",
    "'defaults { out = x }', out is not an option of a cell",
    "'grid { resume = [true] }', resume is not an option of a cell",
    "'cells = [{ overwrite = true }]', overwrite is not an option of a cell",
    "'defaults { config = my.conf }', config = my.conf is no recipe",
    "'grid { seed = 1 }', experiment.grid.seed is not a list",
    "'grid { seed = [] }', experiment.grid.seed is not a list",
    "'grid { epochs = [1, 0] }', cell {epochs=0}: --epochs is 0",
    "'cells = [{ groups = 2 }]', cell {groups=2}: --groups is 2",
    "'cells = [{ model = involution-wide, groups = 3 }]', leave them out with --model"
        + " involution-wide",
    "'cells = [{ seed = x }]', cell {seed=x}",
    "'cells = 3', cells",
    "'retries = -1', experiment.retries is -1",
    "'parallel = -1', --parallel is -1",
    "'time-limit = 8', --time-limit is '8'",
    "'tags = x', tags"
  })
  void whatCannotBeIsRefused(String text, String part) {
    assertRefused("experiment { name = m, " + text + " }", part);
  }

  @Test
  void nameHasToFitAFolder() {
    assertRefused("experiment { name = \"a/b\" }", "experiment.name is 'a/b'");
    assertRefused("experiment { }", "name");
  }

  @Test
  void aGridTooLargeIsRefused() {
    String many = String.join(",", java.util.Collections.nCopies(200, "1"));
    assertRefused(
        String.format(
            Locale.ROOT,
            "experiment { name = m, grid { seed = [%s], epochs = [%s] } }",
            many,
            many),
        "more than 10,000 cells");
  }

  @Test
  void brokenFileIsRefused() {
    assertRefused("experiment {", "correct the file");
    assertRefused("experiment { name = ${nowhere} }", "correct the file");
  }

  static Stream<Path> shipped() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("conf", "experiments"))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void shippedExperimentsCanBeRead(Path file) throws IOException {
    Matrix matrix = MatrixFile.read(new NamedText(file.toString(), Files.readString(file)));

    assertThat(file).hasFileName(matrix.name() + ".conf");
    assertThat(SHIPPED_CELLS).containsEntry(matrix.name(), matrix.cells().size());
    assertThat(cells(matrix)).doesNotHaveDuplicates();
    assertThat(List.copyOf(matrix.tags())).isNotEmpty();
  }
}
