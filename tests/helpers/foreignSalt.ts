/** A salt that another passphrase than any stack's has made. */
export const foreignSalt = "v1:RUyABtajkvQ=:v1:13n9235YTp6qQpz9:ZnwULaGBuYRPdw6i13PSJvcyN4hpIw==";
