package io.involution.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.involution.data.Sha256;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernels that the job ships are those of its sources. */
class PtxTest {
  private static final Path SOURCES = Path.of("src/main/cuda");
  private static final Path SHIPPED = Path.of("src/main/resources/io/involution/cuda");
  private static final Path CHECKED = Path.of("target/ptx-checked");
  private static final Pattern INCLUDE = Pattern.compile("(?m)^#include \"(.*\\.cuh)\"");

  @Test
  void everyModuleIsMadeOfItsSources() throws IOException {
    for (String module : modules()) {
      Path ptx = SHIPPED.resolve(module + ".ptx");
      assertThat(ptx).as("src/main/cuda/build.sh %s makes it", module).exists();
      assertThat(Files.readAllLines(ptx).get(0))
          .as(
              "%s has changed since its PTX was made: run src/main/cuda/build.sh %s",
              module, module)
          .isEqualTo("// sources " + digest(module));
    }
    try (Stream<Path> files = Files.list(SHIPPED)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("PTX without a source")
          .allMatch(name -> Files.exists(SOURCES.resolve(name.replace(".ptx", ".cu"))));
    }
  }

  @Test
  void everyModuleLoadsWithOldDriversAndDevices() throws IOException {
    for (String module : modules()) {
      String text = Files.readString(SHIPPED.resolve(module + ".ptx"));
      boolean tensorCores = module.startsWith("tf32_");
      assertThat(text)
          .contains(tensorCores ? "\n.version 7.0\n" : "\n.version 6.3\n")
          .contains(tensorCores ? "\n.target sm_80\n" : "\n.target sm_75\n");
      assertThat(text)
          .as("a path of the machine that made it")
          .doesNotContain(".file", "/home/", "/tmp/");
      assertThat(text.length()).as(module).isLessThan(900_000);
    }
  }

  /** Where CUDA's compiler is that made them, it makes them again, byte by byte. */
  @Test
  void theCompilerMakesTheSameAgain(@TempDir Path made) throws Exception {
    if (Stream.of("nvcc", "ptxas").anyMatch(tool -> !onPath(tool))) {
      abort("skipped: nvcc is not on the PATH; the sources' digests are compared all the same");
    }
    String state = state();
    if (Files.exists(CHECKED) && Files.readString(CHECKED).equals(state)) {
      return;
    }
    ProcessBuilder builder =
        new ProcessBuilder("bash", SOURCES.resolve("build.sh").toString())
            .redirectErrorStream(true);
    builder.environment().put("PTX_OUT", made.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    for (String module : modules()) {
      String again = Files.readString(made.resolve(module + ".ptx"));
      String shipped = Files.readString(SHIPPED.resolve(module + ".ptx"));
      if (!compiler(again).equals(compiler(shipped))) {
        abort(
            "skipped: this is nvcc "
                + compiler(again)
                + ", "
                + module
                + " was made by "
                + compiler(shipped));
      }
      assertThat(again.equals(shipped)).as("run src/main/cuda/build.sh %s", module).isTrue();
    }
    Files.writeString(CHECKED, state);
  }

  /** What a thread keeps must fit its registers where products are all that a kernel does. */
  @Test
  void noKernelOfTensorCoresSpills() throws Exception {
    if (!onPath("nvcc") || !onPath("ptxas")) {
      abort("skipped: ptxas, which counts registers, is not on the PATH");
    }
    List<String> words = new ArrayList<>(List.of("bash", SOURCES + "/build.sh", "registers"));
    modules().stream().filter(module -> module.startsWith("tf32_")).forEach(words::add);
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.lines()).hasSizeGreaterThan(20).allMatch(line -> line.contains(" 0 bytes sp"));
  }

  private static boolean onPath(String tool) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }

  private static String compiler(String ptx) {
    return ptx.lines().filter(line -> line.contains("compilation tools")).findFirst().orElse("");
  }

  private static List<String> modules() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".cu"))
          .map(name -> name.substring(0, name.length() - 3))
          .sorted()
          .toList();
    }
  }

  /** All that the compiler's work depends on. */
  private static String state() throws IOException {
    StringBuilder state = new StringBuilder(Files.readString(SOURCES.resolve("build.sh")));
    for (String module : modules()) {
      state.append(digest(module)).append(Files.readString(SHIPPED.resolve(module + ".ptx")));
    }
    return Sha256.hex(state.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String digest(String module) throws IOException {
    Set<Path> sources = new LinkedHashSet<>();
    collect(SOURCES.resolve(module + ".cu"), sources);
    StringBuilder all = new StringBuilder();
    for (Path source : sources) {
      all.append(Files.readString(source));
    }
    return Sha256.hex(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void collect(Path source, Set<Path> into) throws IOException {
    if (into.add(source)) {
      Matcher include = INCLUDE.matcher(Files.readString(source));
      while (include.find()) {
        collect(SOURCES.resolve(include.group(1)), into);
      }
    }
  }
}
