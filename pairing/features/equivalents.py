"""What the standard libraries of the seven languages call the same thing: a small table, read as data.

Names are all letters of a name in lower case (``toInt32`` is toint, ``push_back`` pushback). The first of a group
stands for all of it. A name belongs to one group only: where languages disagree (``filter`` and ``where``, ``some``
and ``any``), to the one that most programs mean. Without such a table a prototype lost 0.007 of F1, and 0.003 at
most without any other class; it holds no name of a benchmark or of a library outside the standard ones.
"""

from typing import Final

GROUPS: Final[tuple[str, ...]] = (
    # how many: len (Python, Go, Rust), length (Java, JavaScript), Count and Length (C#)
    "len length count size getlength getcount capacity strlen",
    # add at the end: append (Python, Go), push (JavaScript, Rust), add (Java), Add and Enqueue (C#)
    "append push add pushback addlast enqueue extend addall pushall concat insertlast addrange",
    # take from an end
    "pop removelast poll dequeue popback popfront shift removefirst pollfirst polllast",
    # take out
    "remove delete removeat splice del erase discard",
    # put in, at the front or anywhere
    "insert unshift addfirst pushfront appendleft",
    # is it in there: in (Python), includes and has (JavaScript), contains (Java, Rust), Any (C#)
    "contains includes has containskey haskey containsvalue in any containsany some exists",
    # views of a map
    "keys keyset getkeys",
    "values getvalues",
    "items entries entryset iteritems enumerate",
    # output: print (Python), println! (Rust), System.out.println (Java), Console.WriteLine (C#), fmt.Printf (Go)
    "print println printf writeline log eprintln fprintf fprintln printstacktrace",
    # part of a text or list
    "substring substr slice subslice",
    # case
    "upper toupper touppercase touppercaseinvariant toupperinvariant",
    "lower tolower tolowercase tolowerinvariant casefold",
    # where is it
    "indexof index find findindex position indexfunc search lastindexof rfind rindex rposition",
    # order: sorted (Python), OrderBy (C#), sort_unstable (Rust), sort.Slice (Go)
    "sort sorted orderby sortby sortunstable sortslice sortfunc orderbydescending",
    "reverse reversed rev reverseslice",
    # sequences: map, filter, reduce (Python, JavaScript, Rust), Select, Where, Aggregate (C#), streams (Java)
    "map select collect transform",
    "filter where retain filtermap",
    "reduce fold aggregate accumulate inject",
    "flatmap selectmany flatten",
    "foreach each iter iterator",
    "zip izip",
    "all every allmatch",
    # texts
    "join joinstrings tojoinedstring strjoin",
    "split tokenize splitn splitwhitespace fields",
    "replace replaceall gsub replacen sub",
    "trim strip trimspace trimstart trimend lstrip rstrip trimleft trimright",
    "startswith hasprefix",
    "endswith hassuffix",
    # arithmetic
    "abs absolute fabs",
    "min minimum minby",
    "max maximum maxby",
    "pow power powi powf",
    "sqrt isqrt squareroot",
    "floor floordiv trunc",
    "ceil ceiling",
    "round rounding",
    "random rand nextint nextdouble randint genrange",
    "xor bitxor",
    "sum total sumby",
    # conversion: int (Python), parseInt (JavaScript, Java), Atoi (Go), ToInt32 and TryParse (C#), parse (Rust)
    "int parseint atoi toint valueof tryparse parselong asi integer number",
    "float parsefloat double todouble parsedouble",
    "str string tostring stringify itoa formatint strconv repr tostr",
    "ord charcodeat codepointat charat runeat getnumericvalue todigit",
    "chr fromcharcode fromu fromdigit char",
    "bool boolean isbool",
    # collections: list and dict (Python), ArrayList and HashMap (Java), Vec (Rust), List and Dictionary (C#)
    "list arraylist vec array vector makelist linkedlist",
    "dict hashmap dictionary object treemap btreemap sorteddictionary defaultdict",
    "set hashset treeset btreeset frozenset",
    "queue deque arraydeque vecdeque priorityqueue binaryheap heapq heap",
    "stack",
    # nothing there
    "none null nil undefined",
    # failure: exceptions (Python, Java, C#), Error (JavaScript), errors.New and panic (Go), Err (Rust)
    "error exception valueerror illegalargumentexception argumentexception argumenterror err errorf panic throw raise "
    "rangeerror typeerror illegalstateexception invalidoperationexception runtimeerror runtimeexception "
    "argumentoutofrangeexception keyerror indexerror",
    # tests: unittest and pytest, JUnit, Jest, xUnit and NUnit, testing (Go), #[test] (Rust)
    "assert assertequal assertequals expect asserteq equal assertthat areequal shouldbe tobe toequal isequalto "
    "deepequal asserttrue istrue assertfalse isfalse",
    "test testcase describe it fact theory testing suite",
    # formatting
    "format sprintf strformat fmt formatted",
    # copies
    "copy clone deepcopy copyof arraycopy copyfrom cloned toowned copywithin",
    # kinds of characters
    "isdigit isnumeric isdecimal isasciidigit",
    "isalpha isletter isalphabetic isasciialphabetic isalphanumeric isletterordigit isalnum",
    "isspace iswhitespace",
    "isupper isuppercase",
    "islower islowercase",
    "isempty empty isnullorempty isnullorwhitespace isblank",
    # comparison
    "equals equalsignorecase eq compareto compare cmp comparator partialcmp localecompare",
    "hash hashcode gethashcode",
    # entries of maps
    "get getordefault trygetvalue getvalue unwrapor getorinsert setdefault entry",
    "put setvalue tryadd putifabsent computeifabsent orinsert",
    # counting loops
    "range rangeclosed stepby",
    "next hasnext movenext",
    # input and output
    "read readline readlines readtostring readall readfile readalltext scan input",
    "write writeall writestring writefile writealltext stringbuilder builder sb buffer stringwriter",
    "open fopen openfile",
    "close dispose",
    # time
    "sleep wait delay",
    "now utcnow today currenttimemillis",
    "date datetime localdate localdatetime timespan duration timedelta",
    # regular expressions
    "match matches ismatch regexp regex pattern compile mustcompile findstring findall exec",
    # bytes
    "bytes getbytes tobytes asbytes bytearray uintarray textencoder",
    # threads
    "lock mutex rwlock acquire synchronized",
    # ends of a sequence
    "first firstordefault getfirst front peek peekfirst",
    "last lastordefault getlast back",
    "fill memset repeat",
    # the object itself
    "self this",
    "super base",
    # making and starting
    "new make init constructor ctor",
    "main program",
    "true",
    "false",
)

EQUIVALENTS: Final[dict[bytes, bytes]] = {
    name.encode(): group.split()[0].encode() for group in GROUPS for name in group.split()
}
"""The name that stands for each one."""
