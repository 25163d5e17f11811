package io.involution.compute;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets every JVM that runs tests compute with the kernels of OpenBLAS that the job chooses,
 * whatever class comes first: others round differently from the processes that tests start. JUnit
 * finds it by itself.
 */
public final class JobKernels implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    BlasKernels.choose();
  }
}
