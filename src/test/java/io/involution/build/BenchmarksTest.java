package io.involution.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmarks, which a build of their own compiles, fit today's code. */
class BenchmarksTest {
  /** Hundreds of megabytes that only the benchmarks' own build has. */
  private static final List<String> PEERS = List.of("import ai.djl.", "import org.tensorflow.");

  @Test
  void compileAgainstTheJob(@TempDir Path classes) throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String root : List.of("src/bench/java", "src/jmh/java")) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    // Goes on to the methods' bodies although the peers are missing.
    List<String> options =
        List.of("-proc:none", "-XDshould-stop.ifError=FLOW", "-d", classes.toString());
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      Iterable<? extends JavaFileObject> units = files.getJavaFileObjectsFromPaths(sources);
      compiler.getTask(null, files, found, options, null, units).call();
    }

    List<String> errors = new ArrayList<>();
    for (Diagnostic<? extends JavaFileObject> each : found.getDiagnostics()) {
      if (each.getKind() == Diagnostic.Kind.ERROR) {
        String text = each.getSource().getCharContent(true).toString();
        if (PEERS.stream().noneMatch(text::contains)) {
          errors.add(each.toString());
        }
      }
    }
    assertThat(errors).isEmpty();
    assertThat(sources).hasSizeGreaterThan(50);
  }
}
