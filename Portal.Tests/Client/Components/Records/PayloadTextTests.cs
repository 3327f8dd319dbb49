using System.Text;
using Portal.Client.Components.Records;

namespace Portal.Tests.Client.Components.Records;

public class PayloadTextTests
{
    [Fact]
    public void Text_NotUtf8OrWithControls_IsNone()
    {
        Assert.Equal("näh\n\t", PayloadText.Text("näh\n\t"u8.ToArray()));
        Assert.Null(PayloadText.Text([0xff, 0xfe]));
        Assert.Null(PayloadText.Text([65, 0, 66]));
    }

    [Fact]
    public void Line_CutThroughACharacter_StaysText()
    {
        var bytes = Encoding.UTF8.GetBytes(new string('ä', 100) + new string('€', 100));

        Assert.Equal(new string('ä', 10) + "…", PayloadText.Line(bytes, 10));
        for (var most = 1; most < 120; most++)
        {
            Assert.DoesNotMatch("^[0-9a-f]+…$", PayloadText.Line(bytes, most));
        }
    }

    [Fact]
    public void Line_Binary_IsDigits() => Assert.Equal("00ff", PayloadText.Line([0, 255], 40));

    [Fact]
    public void Json_NumbersAndLetters_StayAsTheyWereWritten()
    {
        var (json, why) = PayloadText.Json("""{"a":1.10,"b":["ä",12345678901234567890]}"""u8.ToArray());

        Assert.Null(why);
        Assert.Contains("1.10", json);
        Assert.Contains("ä", json);
        Assert.Contains("12345678901234567890", json);
        Assert.Contains("\n", json);
    }

    [Fact]
    public void Json_Broken_SaysWhere()
    {
        var (json, why) = PayloadText.Json("{\n \"a\": nope }"u8.ToArray());

        Assert.Null(json);
        Assert.StartsWith("This is not JSON: line 2, byte", why);
    }

    [Fact]
    public void Hex_LastLineShort_KeepsItsColumns()
    {
        var lines = PayloadText.Hex([.. Enumerable.Range(0x41, 18).Select(one => (byte)one)], 4_096).Split('\n');

        Assert.Equal("00000000  41 42 43 44 45 46 47 48  49 4a 4b 4c 4d 4e 4f 50  ABCDEFGHIJKLMNOP", lines[0]);
        Assert.Equal("00000010  51 52 " + new string(' ', 43) + " QR", lines[1]);
    }
}
