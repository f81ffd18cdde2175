module spark-cluster/images/object-store/toolchain

go 1.19
