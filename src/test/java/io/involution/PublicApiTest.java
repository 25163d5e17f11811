package io.involution;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What programs may use is on the library page, and names no type that they may not. */
class PublicApiTest {
  private static final List<String> PACKAGES = List.of("io.involution.api", "io.involution.ml");
  private static final List<String> ALLOWED =
      List.of("java.", "org.apache.spark.", "org.apache.hadoop.conf.", "org.deeplearning4j.");

  private static final List<JavaClass> TYPES =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests()).importPackages(PACKAGES).stream()
              .filter(type -> PACKAGES.contains(type.getPackageName()))
              .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
              .toList();

  @Test
  void everyTypeIsOnThePage() throws IOException {
    String page = Files.readString(Path.of("src/site/markdown/library.md"));

    assertThat(TYPES).isNotEmpty();
    assertThat(TYPES).allSatisfy(type -> assertThat(page).contains("`" + type.getSimpleName()));
  }

  @Test
  void noMethodNamesATypeOfTheRestOfTheJob() {
    List<String> others =
        TYPES.stream()
            .flatMap(type -> type.getMethods().stream())
            .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
            .flatMap(method -> named(method).map(type -> method.getFullName() + " names " + type))
            .toList();

    assertThat(others).isEmpty();
  }

  private static Stream<String> named(JavaMethod method) {
    return Stream.concat(
            Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream())
        .map(JavaClass::getBaseComponentType)
        .filter(type -> !type.isPrimitive())
        .map(JavaClass::getName)
        .filter(name -> ALLOWED.stream().noneMatch(name::startsWith))
        .filter(name -> PACKAGES.stream().noneMatch(own -> name.startsWith(own + ".")));
  }
}
