//! CRC-32 with a table computed at compile time, and Adler-32 as a fold.

const POLYNOMIAL: u32 = 0xEDB8_8320;
const ADLER_BASE: u32 = 65_521;

static CRC_TABLE: [u32; 256] = crc_table();

const fn crc_table() -> [u32; 256] {
    let mut table = [0u32; 256];
    let mut index = 0;
    while index < 256 {
        let mut remainder = index as u32;
        let mut bit = 0;
        while bit < 8 {
            remainder = if remainder & 1 == 1 { (remainder >> 1) ^ POLYNOMIAL } else { remainder >> 1 };
            bit += 1;
        }
        table[index] = remainder;
        index += 1;
    }
    table
}

pub fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0u32, |crc, &octet| {
        let slot = (crc as u8 ^ octet) as usize;
        CRC_TABLE[slot] ^ (crc >> 8)
    })
}

pub fn adler32(data: &[u8]) -> u32 {
    let (a, b) = data.iter().fold((1u32, 0u32), |(a, b), &octet| {
        let a = (a + u32::from(octet)) % ADLER_BASE;
        (a, (b + a) % ADLER_BASE)
    });
    b << 16 | a
}

struct Sample {
    text: &'static str,
    crc: u32,
    adler: u32,
}

const SAMPLES: [Sample; 4] = [
    Sample { text: "", crc: 0, adler: 1 },
    Sample { text: "123456789", crc: 0xCBF4_3926, adler: 0x091E_01DE },
    Sample { text: "Wikipedia", crc: 0xADAA_C02E, adler: 0x11E6_0398 },
    Sample {
        text: "The quick brown fox jumps over the lazy dog",
        crc: 0x414F_A339,
        adler: 0x5BDC_0FDA,
    },
];

fn main() {
    let mut all_match = true;
    for Sample { text, crc, adler } in &SAMPLES {
        let computed = (crc32(text.as_bytes()), adler32(text.as_bytes()));
        all_match &= computed == (*crc, *adler);
        println!("{:08x} {:08x} {text:?}", computed.0, computed.1);
    }
    assert!(all_match, "a checksum differs from its published value");

    // One flipped bit must change both checksums.
    let mut flipped = *b"123456789";
    flipped[4] ^= 0b0000_0100;
    println!("after a bit flip: {:08x} {:08x}", crc32(&flipped), adler32(&flipped));
}
