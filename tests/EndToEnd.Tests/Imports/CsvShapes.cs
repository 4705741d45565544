using System.Text;

namespace Chard.EndToEnd.Tests.Imports;

/// <summary>Real-looking CSV files of the shapes that people send, each with what the import must make of it.</summary>
public static class CsvShapes
{
    /// <summary>One file and what comes out.</summary>
    /// <param name="Name">Names the case in the test's output.</param>
    /// <param name="Bytes">The file.</param>
    /// <param name="Columns">Expected columns as <c>name:type</c>, joined by commas.</param>
    /// <param name="Imported">Expected good rows.</param>
    /// <param name="Rejected">Expected bad rows.</param>
    /// <param name="Probe">A query over <c>{0}</c>, the table, whose single answer says that the content is right.</param>
    /// <param name="Answer">The expected answer, as text.</param>
    public sealed record Shape(string Name, byte[] Bytes, string Columns, int Imported, int Rejected, string Probe, string Answer)
    {
        /// <inheritdoc/>
        public override string ToString() => Name;
    }

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>All shapes.</summary>
    public static IEnumerable<Shape> All =>
    [
        new("plain", Utf8.GetBytes("id,name,price,born\n1,Ada,9.5,1815-12-10\n2,Grace,10.25,1906-12-09\n"),
            "id:integer,name:text,price:real,born:date", 2, 0, "SELECT name FROM {0} WHERE id = 2", "Grace"),
        new("quotes with commas and newlines", Utf8.GetBytes("id,note\n1,\"a, b\"\n2,\"two\nlines\"\n3,\"say \"\"hi\"\"\"\n"),
            "id:integer,note:text", 3, 0, "SELECT note FROM {0} WHERE id = 3", "say \"hi\""),
        new("CRLF", Utf8.GetBytes("id,name\r\n1,x\r\n2,y\r\n"), "id:integer,name:text", 2, 0, "SELECT name FROM {0} WHERE id = 2", "y"),
        new("no newline at the end", Utf8.GetBytes("id,name\n1,x\n2,y"), "id:integer,name:text", 2, 0, "SELECT count(*) FROM {0}", "2"),
        new(
            "semicolons", Utf8.GetBytes("id;name;share\n1;\"a;b\";0.5\n2;c,d;1\n"), "id:integer,name:text,share:real", 2, 0,
            "SELECT name FROM {0} WHERE id = 2", "c,d"),
        new("tabs", Utf8.GetBytes("id\tname\n1\ta,b\n"), "id:integer,name:text", 1, 0, "SELECT name FROM {0}", "a,b"),
        new(
            "UTF-8 with BOM", [0xEF, 0xBB, 0xBF, .. Utf8.GetBytes("id,name\n1,Żółć\n")], "id:integer,name:text", 1, 0,
            "SELECT name FROM {0} WHERE id = 1", "Żółć"),
        new(
            "UTF-16 little endian", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("id,name\n1,naïve\n2,日本\n")], "id:integer,name:text", 2, 0,
            "SELECT name FROM {0} WHERE id = 2", "日本"),
        new(
            "UTF-16 big endian", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("id,name\n1,naïve\n")], "id:integer,name:text", 1, 0,
            "SELECT name FROM {0}", "naïve"),
        new(
            "empty cells are null", Utf8.GetBytes("id,age,name\n1,,x\n2,7,\n"), "id:integer,age:integer,name:text", 2, 0,
            "SELECT count(*) FROM {0} WHERE age IS NULL OR name IS NULL", "2"),
        new(
            "leading zeros stay text", Utf8.GetBytes("id,zip\n1,00123\n2,98765\n"), "id:integer,zip:text", 2, 0,
            "SELECT zip FROM {0} WHERE id = 1", "00123"),
        new("ragged rows", Utf8.GetBytes("id,name\n1,x\n2\n3,y,z\n4,w\n"), "id:integer,name:text", 2, 2, "SELECT sum(id) FROM {0}", "5"),
        new("header only", Utf8.GetBytes("id,name\n"), "id:text,name:text", 0, 0, "SELECT count(*) FROM {0}", "0"),
    ];
}
