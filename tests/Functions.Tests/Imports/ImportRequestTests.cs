using Chard.Functions.Imports;
using Microsoft.AspNetCore.Http;

namespace Chard.Functions.Tests.Imports;

public sealed class ImportRequestTests
{
    [Theory]
    [InlineData("?table=people", "")]
    [InlineData("?table=people&columns=id:integer,name:text&delimiter=;&encoding=utf-16&maxErrors=5&owner=ann&code=key", "")]
    [InlineData("", "")]
    [InlineData("?table=", "table")]
    [InlineData("?table=a;b", "table")]
    [InlineData("?table=people&delimeter=;", "delimeter")]
    [InlineData("?table=people&table=pets", "table table")]
    [InlineData("?table=people&maxErrors=many", "maxErrors")]
    [InlineData("?table=people&header=true", "")]
    [InlineData("?table=people&header=0", "header")]
    [InlineData("?table=people&maxErrors=-1&columns=id:int", "columns maxErrors")]
    public void Read_Query_NamesEveryFault(string query, string faults)
    {
        var context = new DefaultHttpContext { Request = { QueryString = new QueryString(query) } };

        var read = ImportRequest.Read(context.Request);

        Assert.Equal(faults, string.Join(' ', read.Faults.Select(f => f.Pointer.TrimStart('?'))));
    }

    [Theory]
    [InlineData("text/csv", null, true)]
    [InlineData("text/csv; charset=utf-8", null, true)]
    [InlineData("text/plain", null, true)]
    [InlineData("application/octet-stream", null, true)]
    [InlineData("application/x-www-form-urlencoded", null, true)]
    [InlineData(null, null, true)]
    [InlineData("text/csv", "identity", true)]
    [InlineData("text/csv", "gzip", false)]
    [InlineData("application/json", null, false)]
    [InlineData("application/problem+json", null, false)]
    [InlineData("multipart/form-data; boundary=x", null, false)]
    [InlineData("image/png", null, false)]
    public void TypeFault_ContentType_RefusesWhatIsClearlyNotCsv(string? type, string? coding, bool taken)
    {
        var request = new DefaultHttpContext().Request;
        request.ContentType = type;
        request.Headers.ContentEncoding = coding;

        Assert.Equal(taken, ImportRequest.TypeFault(request) is null);
    }

    [Theory]
    [InlineData("text/csv; charset=klingon", 1)]
    [InlineData("text/csv; charset=latin1", 0)]
    [InlineData("text/csv", 0)]
    public void Read_CharsetThatIsNotKnown_IsAFault(string type, int faults)
    {
        var request = new DefaultHttpContext().Request;
        request.ContentType = type;

        Assert.Equal(faults, ImportRequest.Read(request).Faults.Count(
            f => f.Pointer == "Content-Type" && f.Message.Contains("klingon", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "text/csv", null)]
    [InlineData("", "text/csv; header=absent", false)]
    [InlineData("", "text/csv; charset=utf-8; header=\"Present\"", true)]
    [InlineData("?header=false", "text/csv; header=present", false)]
    [InlineData("?header=true", "text/csv; header=absent", true)]
    public void Header_QueryAndType_AreReadAndTheQueryCountsMore(string query, string type, bool? header)
    {
        var request = new DefaultHttpContext { Request = { QueryString = new QueryString(query) } }.Request;
        request.ContentType = type;

        var (args, faults) = ImportRequest.Read(request);

        Assert.Empty(faults);
        Assert.Equal(header, args.Header);
    }

    [Fact]
    public void Header_TypeSaysAnythingElse_IsAFault()
    {
        var request = new DefaultHttpContext().Request;
        request.ContentType = "text/csv; header=maybe";

        Assert.Contains("maybe", Assert.Single(ImportRequest.Read(request).Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Charset_Quoted_IsRead()
    {
        var request = new DefaultHttpContext().Request;
        request.ContentType = "text/csv; charset=\"windows-1252\"";

        Assert.Equal("windows-1252", ImportRequest.Charset(request));
    }
}
