/** Training on an NVIDIA device by kernels of the job's own. */
package io.involution.cuda;
