"""Published networks that the tests of network meta-analysis use: data and printed results, with their origin."""

from __future__ import annotations

# Senn et al. (2013), HbA1c in trials of glucose-lowering drugs; effects and standard errors as printed by the R package netmeta (Senn2013).
_SENN = """
DeFronzo1995 metformin placebo -1.90 0.1414
Lewin2007 metformin placebo -0.82 0.0992
Willms1999 metformin acarbose -0.20 0.3579
Davidson2007 rosiglitazone placebo -1.34 0.1435
Wolffenbuttel1999 rosiglitazone placebo -1.10 0.1141
Kipnes2001 pioglitazone placebo -1.30 0.1268
Kerenyi2004 rosiglitazone placebo -0.77 0.1078
Hanefeld2004 pioglitazone metformin 0.16 0.0849
Derosa2004 pioglitazone rosiglitazone 0.10 0.1831
Baksi2004 rosiglitazone placebo -1.30 0.1014
Rosenstock2008 rosiglitazone placebo -1.09 0.2263
Zhu2003 rosiglitazone placebo -1.50 0.1624
Yang2003 rosiglitazone metformin -0.14 0.2239
Vongthavaravat2002 rosiglitazone sulfonylurea -1.20 0.1436
Oyama2008 acarbose sulfonylurea -0.40 0.1549
Costa1997 acarbose placebo -0.80 0.1432
Hermansen2007 sitagliptin placebo -0.57 0.1291
Garber2008 vildagliptin placebo -0.70 0.1273
Alex1998 metformin sulfonylurea -0.37 0.1184
Johnston1994 miglitol placebo -0.74 0.1839
Johnston1998a miglitol placebo -1.41 0.2235
Kim2007 rosiglitazone metformin 0.00 0.2339
Johnston1998b miglitol placebo -0.68 0.2828
Gonzalez-Ortiz2004 metformin placebo -0.40 0.4356
Stucci1996 benfluorex placebo -0.23 0.3467
Moulin2006 benfluorex placebo -1.01 0.1366
Willms1999 metformin placebo -1.20 0.3758
Willms1999 acarbose placebo -1.00 0.4669
"""

# Linde et al. (2016, doi:10.1016/j.jclinepi.2015.10.010), response to treatments of depression, log odds ratios. Components are joined with "+".
_NAMES = {
    "T": "TCA", "S": "SSRI", "N": "SNRI", "R": "NRI", "L": "Low-dose SARI", "A": "NaSSa", "M": "rMAO-A", "D": "Ind drug", "H": "Hypericum", "P": "Placebo",
    "U": "UC", "f": "Face-to-face CBT", "p": "Face-to-face PST", "i": "Face-to-face interpsy", "d": "Face-to-face psychodyn", "o": "Other face-to-face",
    "r": "Remote CBT", "h": "Self-help CBT", "n": "No contact CBT", "fS": "Face-to-face CBT + SSRI", "pS": "Face-to-face PST + SSRI",
    "iS": "Face-to-face interpsy + SSRI",
}  # fmt: skip
_LINDE = """
1 -0.570249 0.362066 T N;1 0.094727 0.339731 T P;1 0.664976 0.358845 N P;4 0.916291 0.555278 T P;7 0.459532 0.510847 T P
9 0.003889 0.206279 T S;11 -0.243346 0.27912 T S;11 0.198851 0.28088 T P;11 0.442197 0.28601 S P;17 1.080594 0.29227 T P
18 0.537101 0.348037 T P;20 -0.008584 0.38942 T S;22 0.04256 0.350104 T S;23 -0.231221 0.219334 T S;26 0.41225 0.197766 S P
29 0.895013 0.41015 T S;30 0.068993 0.397588 A M;31 0.679519 0.323663 T P;33 0.54377 0.224443 T M;34 -0.230691 0.341233 T S
37 -0.168539 0.446132 T S;39 0.303186 0.557007 A P;41 0.413662 0.218059 S N;46 0.169821 0.262263 S H;48 0.488425 0.206934 S P
50 0.068993 0.250385 S H;50 0.67495 0.253392 S P;50 0.605958 0.251032 H P;52 0.710097 0.564169 T M;53 0.283829 0.259978 S A
53 0.572626 0.255942 S P;53 0.288798 0.253774 A P;55 -0.36992 0.292877 T H;55 0.082692 0.359617 T P;55 0.452612 0.369499 H P
56 0.004136 0.232879 T S;57 -0.055503 0.129999 T S;61 -0.123481 0.38962 S H;61 -0.04879 0.391375 S P;61 0.074691 0.386552 H P
64 -0.813106 0.263925 S H;65 1.94591 0.434248 H P;66 1.047969 0.663412 H P;67 0.131028 0.334093 S H;68 1.386294 0.715891 H P
70 -0.178692 0.423004 S H;71 0.846481 0.427208 H P;72 0.120286 0.312006 T H;73 0.29515 0.380691 H P;74 0.477786 0.366389 H P
76 -0.089612 0.278425 S N;83 0.818399 0.311601 T L;83 1.341843 0.422159 T A;83 0.523444 0.390696 L A;88 0.946778 0.368015 L A
90 0.587787 0.446029 T S;91 0.309413 0.351971 T M;94 0.402325 0.322267 T S;95 0.359902 0.347304 T S;96 -0.615537 0.530694 T S
100 -0.382035 0.262057 T S;105 -0.067823 0.223459 T S;112 -0.344242 0.225376 S N;113 -0.07053 0.265603 T L;114 0 0.730297 L A
116 0.806476 0.758758 S A;120 0.022431 0.259621 T S;121 1.034074 0.454097 L A;123 -0.470336 0.287808 S A;128 0.180051 0.400047 T S
131 -0.24663 0.107726 S N;132 0.176624 0.427871 T N;135 0.168963 0.168878 S R;2 0.466237 0.411963 f U;5 0.28388 0.41189 D o
6 0.544933 0.274411 h U;12 -0.062723 0.393422 i U;16 0.643137 0.418367 S p;16 0.405465 0.491596 S pS;16 -0.237672 0.408287 p pS
24 -0.482005 0.522214 T p;24 0.911836 0.53656 T P;24 1.393842 0.549792 p P;35 0.680244 0.637124 f U;43 0.349274 0.296051 T i
43 0.779481 0.302725 T U;43 0.430207 0.300845 i U;49 0.253643 0.245993 S p;49 0.56405 0.251433 S P;49 0.310407 0.253818 p P
58 -0.7407 0.523252 T f;58 -0.887303 0.529388 T o;58 -0.46242 0.515751 T U;58 -0.146603 0.541794 f o;58 0.27828 0.528476 f U
58 0.424883 0.534553 o U;59 0.274437 0.743392 f U;78 0.92607 0.256073 r U;79 0.273696 0.357227 o U;82 0.622047 0.190474 S i
82 0.067968 0.1835 S iS;82 -0.554079 0.187087 i iS;84 0.70432 0.342762 o U;86 0.452028 0.348132 n U;103 -0.039296 0.352975 f o
104 -0.065457 0.351214 f o;104 0.553385 0.360336 f U;104 0.618842 0.354853 o U;107 0.723919 0.618527 f U;110 0.468593 0.204366 r U
115 1.018312 0.435304 r U;117 -2.890372 0.921954 S fS;118 0.039221 0.339447 p U;124 0.105361 0.579751 S d;125 0.352221 0.844097 n U
126 0.311939 0.387473 f U;127 0.211309 0.437904 o U;134 0.184801 0.222675 f r;200 0.405632 0.268499 n U;201 0.426743 0.310308 n U
202 0.099468 0.30829 h U;204 0.702289 0.286628 h U;205 0.936093 0.510958 h U;206 0.349791 0.239712 o U
"""

# Printed by the R packages netmeta and metadat (help page of dat.linde2016, metadat 1.7-2): odds ratios against placebo with 95 % limits, two decimals.
LINDE_NETWORK = {
    "SSRI": (1.71, 1.46, 2.01), "Face-to-face CBT": (2.05, 1.26, 3.36), "Face-to-face interpsy": (1.11, 0.76, 1.62), "Face-to-face PST": (1.39, 0.97, 2.00),
    "Face-to-face CBT + SSRI": (30.86, 4.94, 192.81), "Face-to-face interpsy + SSRI": (1.75, 1.12, 2.74), "Face-to-face PST + SSRI": (1.54, 0.66, 3.59),
    "Face-to-face psychodyn": (1.54, 0.48, 5.00), "Other face-to-face": (1.91, 1.18, 3.12), "TCA": (1.75, 1.47, 2.07), "SNRI": (1.93, 1.49, 2.49),
    "NRI": (1.45, 0.92, 2.27), "Low-dose SARI": (1.84, 1.25, 2.69), "NaSSa": (1.22, 0.89, 1.66), "rMAO-A": (1.08, 0.73, 1.59), "Ind drug": (2.54, 0.96, 6.76),
    "Hypericum": (2.00, 1.62, 2.47), "Remote CBT": (2.14, 1.29, 3.54), "Self-help CBT": (1.94, 1.13, 3.32), "No contact CBT": (1.77, 1.01, 3.07),
    "UC": (1.16, 0.76, 1.76),
}  # fmt: skip
LINDE_COMPONENTS = {
    "Face-to-face CBT": (2.31, 1.44, 3.70), "Face-to-face PST": (1.37, 0.96, 1.96), "Face-to-face interpsy": (1.10, 0.79, 1.54),
    "Face-to-face psychodyn": (1.52, 0.47, 4.96), "Hypericum": (1.99, 1.61, 2.46), "Ind drug": (2.76, 1.04, 7.33), "Low-dose SARI": (1.83, 1.24, 2.69),
    "NRI": (1.43, 0.90, 2.26), "NaSSa": (1.21, 0.88, 1.65), "No contact CBT": (1.89, 1.10, 3.27), "Other face-to-face": (2.08, 1.29, 3.33),
    "Remote CBT": (2.33, 1.42, 3.81), "SNRI": (1.90, 1.47, 2.46), "SSRI": (1.69, 1.45, 1.97), "Self-help CBT": (2.08, 1.23, 3.53), "TCA": (1.74, 1.47, 2.05),
    "UC": (1.24, 0.83, 1.85), "rMAO-A": (1.07, 0.72, 1.59),
}  # fmt: skip
LINDE_COMBINATIONS = {
    "Face-to-face CBT + SSRI": (3.91, 2.32, 6.59),
    "Face-to-face interpsy + SSRI": (1.86, 1.25, 2.78),
    "Face-to-face PST + SSRI": (2.32, 1.52, 3.53),
}


def senn():
    """y, v, treat1, treat2, study of 28 contrasts in 26 trials, one of them with three arms."""
    rows = [line.split() for line in _SENN.strip().splitlines()]
    return [float(r[3]) for r in rows], [float(r[4]) ** 2 for r in rows], [r[1] for r in rows], [r[2] for r in rows], [r[0] for r in rows]


def linde():
    """y, v, treat1, treat2, study of 124 contrasts in 93 trials, 14 of them with three or four arms."""
    rows = [cell.split() for line in _LINDE.strip().splitlines() for cell in line.split(";")]
    return [float(r[1]) for r in rows], [float(r[2]) ** 2 for r in rows], [_NAMES[r[3]] for r in rows], [_NAMES[r[4]] for r in rows], [r[0] for r in rows]
