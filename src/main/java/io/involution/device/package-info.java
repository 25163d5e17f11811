/** This host's GPUs, the ND4J backend of this process, and the host commands that describe them. */
package io.involution.device;
