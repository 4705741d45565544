using System.Net;
using Chard.LocalHost.Durable;
using Chard.LocalHost.Options;

namespace Chard.LocalHost.Tests.Options;

public sealed class HostArgumentsTests
{
    [Fact]
    public void Parse_AllOptions_InBothForms()
    {
        var arguments = HostArguments.Parse(
            ["--app", "out", "-p", "7072", "--address=0.0.0.0", "--data", "a b", "--engine", "Azure", "--enableauth"]);

        Assert.Equal(
            new HostArguments
            {
                App = "out", Port = 7072, Address = IPAddress.Any, Data = "a b", Engine = DurableEngine.AzureStorage, EnableAuth = true
            },
            arguments);
    }

    [Fact]
    public void Parse_Nothing_IsTheDefaults()
    {
        Assert.Equal(new HostArguments { Engine = DurableEngine.Sqlite }, HostArguments.Parse([]));
    }

    [Fact]
    public void Parse_AnOptionTwice_TakesTheLast()
    {
        Assert.Equal("mine", HostArguments.Parse(["--data", "of the build", "--data", "mine"]).Data);
    }

    [Theory]
    [InlineData("--prot 7072", "'--prot' is no option: did you mean --port? --help lists them.")]
    [InlineData("--enable-auth", "'--enable-auth' is no option: did you mean --enableAuth? --help lists them.")]
    [InlineData("--useHttps", "'--useHttps' is no option. --help lists them.")]
    [InlineData("--data", "--data needs a value: --data DIR.")]
    [InlineData("--data --enableAuth", "--data needs a value: --data DIR.")]
    [InlineData("--enableAuth=no", "--enableAuth takes no value: it has 'no'.")]
    [InlineData("--port 70000", "--port '70000' is not a port: give a number from 0 (any free port) to 65535.")]
    [InlineData("--address here", "--address 'here' is not an IP address: give one such as 0.0.0.0 (all addresses) or 127.0.0.1.")]
    [InlineData("--engine redis", "--engine 'redis' is no engine: give sqlite or azure.")]
    [InlineData("--engine 1", "--engine '1' is no engine: give sqlite or azure.")]
    public void Parse_AMistake_IsNamedWithWhatIsMeant(string line, string expected)
    {
        var error = Assert.Throws<StartException>(() => HostArguments.Parse(line.Split(' ')));

        Assert.Contains(expected, error.Faults);
    }

    [Fact]
    public void Parse_Mistakes_AreToldTogether()
    {
        var error = Assert.Throws<StartException>(() => HostArguments.Parse(["--prot", "1", "--engine", "x"]));

        // The option that is not known has a value, which is none either.
        Assert.Equal(3, error.Faults.Count);
    }
}
