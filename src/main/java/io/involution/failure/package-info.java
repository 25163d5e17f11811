/** Failures that end a run in one line, and the exit codes that go with them. */
package io.involution.failure;
