package io.involution.submit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The instructions of submit/Dockerfile, by stage. */
record Dockerfile(List<Stage> stages) {
  /** An instruction: its first word, and the rest with continued lines put together. */
  record Instruction(String name, String text) {
    List<String> words() {
      return List.of(text.split(" +"));
    }
  }

  /** What one FROM begins. */
  record Stage(String base, String name, List<Instruction> instructions) {
    List<Instruction> all(String instruction) {
      return instructions.stream().filter(i -> i.name().equals(instruction)).toList();
    }
  }

  static Dockerfile read() throws IOException {
    List<Stage> stages = new ArrayList<>();
    String text = Files.readString(Path.of("submit", "Dockerfile"));
    String whole = text.replaceAll("(?m)^ *#.*\n", "").replaceAll("\\\\\n *", "");
    for (String line : whole.lines().toList()) {
      if (line.isBlank()) {
        continue;
      }
      String[] parts = line.strip().split(" +", 2);
      Instruction instruction = new Instruction(parts[0], parts[1]);
      if (instruction.name().equals("FROM")) {
        List<String> words = instruction.words();
        stages.add(new Stage(words.get(0), words.get(2), new ArrayList<>()));
      } else {
        stages.get(stages.size() - 1).instructions().add(instruction);
      }
    }
    return new Dockerfile(stages);
  }

  Stage stage(String name) {
    return stages.stream().filter(stage -> stage.name().equals(name)).findFirst().orElseThrow();
  }
}
