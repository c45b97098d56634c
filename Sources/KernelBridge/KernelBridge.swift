// KernelBridge
