/** What the machine of a process has: its name, its GPUs, the programs that tell of them. */
package io.involution.host;
