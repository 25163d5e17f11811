/** What runs in the JVMs that the runner starts: this project, its peers, and the GEMM limit. */
package io.involution.bench.contender;
