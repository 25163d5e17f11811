package io.involution.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CatchTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No exception is dropped without a word: a {@code catch} uses its exception, or the exception's
 * name says what it stands for, such as {@code absent}, or a comment in the block says why.
 */
class DroppedExceptionsTest {
  private static final Set<String> SAY_NOTHING =
      Set.of("e", "ex", "t", "exception", "error", "failure", "throwable", "ignore", "ignored");

  @TempDir private Path folder;

  @Test
  void everyDroppedExceptionHasAReason() throws IOException {
    List<File> sources;
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      sources = files.filter(each -> each.toString().endsWith(".java")).map(Path::toFile).toList();
    }
    assertThat(sources).hasSizeGreaterThan(300);

    assertThat(dropped(sources)).isEmpty();
  }

  @Test
  void droppedExceptionsAreFound() throws IOException {
    Path source =
        Files.writeString(
            folder.resolve("Catches.java"),
            """
            class Catches {
              int used(String text) {
                try {
                  return Integer.parseInt(text);
                } catch (NumberFormatException e) {
                  throw new IllegalStateException("{", e);
                }
              }

              int named(String text) {
                try {
                  return Integer.parseInt(text);
                } catch (NumberFormatException noNumber) {
                  return 0;
                }
              }

              int explained(String text) {
                try {
                  return Integer.parseInt(text);
                } catch (NumberFormatException e) {
                  // Zero stands for everything else.
                  return 0;
                }
              }

              int dropped(String text) {
                try {
                  return Integer.parseInt(text);
                } catch (NumberFormatException | NullPointerException ignored) {
                  return "e // }".length();
                }
              }
            }
            """);

    assertThat(dropped(List.of(source.toFile()))).containsExactly("Catches.java:30");
  }

  private static List<String> dropped(List<File> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> found = new ArrayList<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromFiles(sources));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new Catches(unit, positions, found).scan(unit, null);
      }
    }
    return found;
  }

  /** Walks through a file, and notes what is dropped in it. */
  private static final class Catches extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<String> found;
    private final String text;

    private Catches(CompilationUnitTree unit, SourcePositions positions, List<String> found)
        throws IOException {
      this.unit = unit;
      this.positions = positions;
      this.found = found;
      this.text = unit.getSourceFile().getCharContent(true).toString();
    }

    @Override
    public Void visitCatch(CatchTree tree, Void unused) {
      String name = tree.getParameter().getName().toString();
      if (SAY_NOTHING.contains(name) && !uses(tree, name) && !hasComment(tree)) {
        long line = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, tree));
        found.add(Path.of(unit.getSourceFile().getName()).getFileName() + ":" + line);
      }
      return super.visitCatch(tree, null);
    }

    private static boolean uses(CatchTree tree, String name) {
      List<String> names = new ArrayList<>();
      new TreeScanner<Void, Void>() {
        @Override
        public Void visitIdentifier(IdentifierTree identifier, Void unused) {
          names.add(identifier.getName().toString());
          return null;
        }
      }.scan(tree.getBlock(), null);
      return names.contains(name);
    }

    private boolean hasComment(CatchTree tree) {
      int begin = (int) positions.getStartPosition(unit, tree.getBlock());
      int end = (int) positions.getEndPosition(unit, tree.getBlock());
      return text.substring(begin, end).lines().anyMatch(line -> line.strip().startsWith("//"));
    }
  }
}
