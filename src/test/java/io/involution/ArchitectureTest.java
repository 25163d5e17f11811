package io.involution;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.involution.config.DeclaredOption;
import io.involution.config.TrainConfig;
import io.involution.evaluate.Evaluation;
import io.involution.failure.InputException;
import io.involution.model.summary.NetworkSummary;
import io.involution.report.TextTable;
import io.involution.run.RunFolder;
import io.involution.spark.ClusterSession;
import java.io.ObjectInputStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** Which way data flows between the packages, and what no class does. */
class ArchitectureTest {
  private static final JavaClasses JOB =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.involution");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.involution.(*)..").should().beFreeOfCycles().check(JOB);
  }

  @Test
  void stagesBelowTheClusterKnowNothingOfSpark() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.involution.config..",
            "io.involution.data..",
            "io.involution.layers..",
            "io.involution.model..",
            "io.involution.evaluate..",
            "io.involution.device..",
            "io.involution.compute..",
            "io.involution.failure..",
            "io.involution.train..",
            "io.involution.run..",
            "io.involution.metrics..",
            "io.involution.plan",
            "io.involution.tracking..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "io.involution.spark..")
        .check(JOB);
  }

  @Test
  void configurationDependsOnNoOtherPackageOfOurs() {
    noClasses()
        .that()
        .resideInAPackage("io.involution.config..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.involution..")
                .and(not(resideInAnyPackage("io.involution.config..", "io.involution.failure.."))))
        .check(JOB);
  }

  @Test
  void reportReadsOnlyWhatARunHasWritten() {
    classes()
        .that()
        .resideInAPackage("io.involution.report..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "java..",
                    "javax.imageio..",
                    "javax.xml..",
                    "org.w3c.dom..",
                    "org.jfree..",
                    "org.apache.batik..",
                    "com.fasterxml.jackson..",
                    "io.involution.report..",
                    "io.involution.metrics..")
                .or(assignableTo(InputException.class))
                .or(assignableTo(DeclaredOption.class))
                .or(assignableTo(TrainConfig.class))
                .or(assignableTo(RunFolder.class))
                .or(assignableTo(NetworkSummary.class))
                .or(assignableTo(NetworkSummary.LayerRow.class))
                .or(assignableTo(Evaluation.class)))
        .check(JOB);
  }

  @Test
  void planIsArithmetic() {
    classes()
        .that()
        .resideInAPackage("io.involution.plan")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "java..",
                    "com.typesafe.config..",
                    "io.involution.plan",
                    "io.involution.config..",
                    "io.involution.failure..")
                .or(assignableTo(TextTable.class)))
        .check(JOB);
  }

  @Test
  void onePlaceMakesTheSparkContext() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(ClusterSession.class)
        .should()
        .callConstructorWhere(
            JavaAccess.Predicates.target(
                owner(assignableTo(SparkContext.class).or(assignableTo(JavaSparkContext.class)))))
        .check(JOB);
  }

  @Test
  void nothingIsReadByJavaDeserialization() {
    noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class).check(JOB);
  }

  @Test
  void noClassIsNamedAfterHavingNoPlace() {
    noClasses().should().haveNameMatching(".*(Utils?|Helpers?|Managers?)(\\$.*)?").check(JOB);
  }
}
