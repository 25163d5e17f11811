package io.involution.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.involution.model.SavedNetwork;
import io.involution.model.network.NetworkBlueprint;
import io.involution.model.network.NetworkKind;
import io.involution.model.network.NetworkOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
  @TempDir private Path folder;

  @Test
  void everyNetworkOfARunBecomesAFile() throws IOException, OrtException {
    Path run = folder.resolve("run");
    model(run, NetworkKind.CONVOLUTION);
    model(run, NetworkKind.INVOLUTION);
    Path out = folder.resolve("new/out");

    Called export = export(run, out);

    assertThat(export.code()).as(export.err()).isZero();
    assertThat(export.out())
        .contains("convolution.onnx (", "involution.onnx (", "input images: float32 [N, ");
    assertThat(names(out)).containsExactly("convolution.onnx", "involution.onnx");
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    byte[] file = Files.readAllBytes(out.resolve("involution.onnx"));
    try (OrtSession session = environment.createSession(file)) {
      assertThat(session.getInputInfo().get("images").getInfo().toString())
          .contains("[-1, 3, 32, 32]");
      assertThat(session.getMetadata().getCustomMetadata())
          .containsEntry("network", "involution")
          .hasEntrySatisfying("classes", names -> assertThat(names).contains("airplane", "truck"));
    }
    assertThat(export(run.resolve("involution/model.zip"), out).code()).isZero();
    assertThat(out.resolve("involution.onnx")).hasBinaryContent(file);
  }

  /** One line, exit code 2, and nothing written, not even for the network before it. */
  @Test
  void whatCannotBeExportedLeavesNothing() throws IOException {
    Path run = folder.resolve("run");
    model(run, NetworkKind.CONVOLUTION);
    Files.createDirectories(run.resolve("involution"));
    Files.writeString(run.resolve("involution/model.zip"), "no archive");
    Path out = folder.resolve("out");
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThat(export(run, out).error()).contains("involution/model.zip");
    assertThat(export(folder.resolve("nowhere"), out).error()).contains("has no model.zip");
    assertThat(out).doesNotExist();
    assertThat(export(run.resolve("convolution"), file).error())
        .contains("--out", "cannot be written");
    model(run, NetworkKind.INVOLUTION);
    Path precious = Files.writeString(Files.createDirectory(out).resolve("involution.onnx"), "x");
    assertThat(export(run, out).error()).contains("was not written by this job");
    assertThat(names(out)).containsExactly("involution.onnx");
    assertThat(precious).hasContent("x");
    assertThat(Called.command("export", "--format", "keras", run.toString(), "--out", "x").error())
        .contains("--format", "onnx");
  }

  private static Called export(Path model, Path out) {
    return Called.command("export", "--format", "onnx", model.toString(), "--out", out.toString());
  }

  private static Stream<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }

  private static void model(Path run, NetworkKind kind) throws IOException {
    NetworkBlueprint blueprint =
        NetworkBlueprint.of(kind.label(), kind.configuration(new NetworkOptions(1, 0.001)));
    Path file = run.resolve(kind.label()).resolve("model.zip");
    Files.createDirectories(file.getParent());
    Files.write(file, SavedNetwork.file(blueprint));
  }
}
