import type { dynamic } from "@pulumi/pulumi";
type Tell = (verb: string, props: { readonly __owner?: unknown }) => void;
export declare const verbsThatTell: (tell: Tell) => dynamic.ResourceProvider;
