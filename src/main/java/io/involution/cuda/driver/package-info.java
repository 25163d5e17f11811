/** NVIDIA's driver by its C interface: devices, memory, kernels, graphs. Needs libcuda alone. */
package io.involution.cuda.driver;
