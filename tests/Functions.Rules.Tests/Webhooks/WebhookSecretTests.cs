using System.Security.Cryptography;
using System.Text;
using Chard.Functions.Webhooks;

namespace Chard.Functions.Tests.Webhooks;

public sealed class WebhookSecretTests
{
    private const string Published = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public void Sign_ExampleOfTheStandard_GivesItsSignature() =>
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSecret.Parse(Published).Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8));

    [Fact]
    public void Sign_TwoSecrets_GivesASignatureOfEach()
    {
        byte[] other = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        string text = $"whsec_{Convert.ToBase64String(other)} {Published}";

        string[] signatures = WebhookSecret.Parse(text).Sign("id", 17, "{}"u8).Split(' ');

        string expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(other, Encoding.UTF8.GetBytes("id.17.{}")));
        Assert.Equal([expected, WebhookSecret.Parse(Published).Sign("id", 17, "{}"u8)], signatures);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("secret")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_not*base64")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData(Published + " secret")]
    public void Parse_TextOfAnotherForm_IsRefusedWithoutRepeatingIt(string text)
    {
        FormatException e = Assert.Throws<FormatException>(() => WebhookSecret.Parse(text));

        Assert.Equal(
            "A webhook secret is whsec_ and the base64 of 24 to 64 random bytes; make one by: echo whsec_$(openssl rand -base64 32)",
            e.Message);
    }
}
