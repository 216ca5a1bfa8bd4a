using SalesFlow.Sales.Mails;

namespace SalesFlow.Sales.Tests.Mails;

/// <summary>What is an address that a letter can be sent to.</summary>
public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("anna@example.com", "anna@example.com")]
    [InlineData("  Anna.Petrova+sales@Example.COM ", "Anna.Petrova+sales@example.com")]
    [InlineData("a@b", "a@b")]
    [InlineData("info@почта.рф", "info@xn--80a1acny.xn--p1ai")]
    public void An_address_is_read(string written, string read)
    {
        Assert.True(EmailAddress.TryParse(written, out var address));
        Assert.Equal(read, address.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("anna")]
    [InlineData("@example.com")]
    [InlineData("anna@")]
    [InlineData("anna@exa mple.com")]
    [InlineData("anna@-example.com")]
    [InlineData("a..b@example.com")]
    [InlineData("anna@example.com, boris@example.com")]
    [InlineData("Anna <anna@example.com>")]
    [InlineData("\"a b\"@example.com")]
    [InlineData("anna@example.com\r\nBcc: boris@example.com")]
    [InlineData("anna\r\nBcc: boris@example.com")]
    [InlineData("anna@example.com\0")]
    [InlineData("анна@example.com")]
    [InlineData("anna@[127.0.0.1]")]
    public void Anything_else_is_refused_with_what_was_written(string? written)
    {
        Assert.False(EmailAddress.TryParse(written, out _));
        var refused = Assert.Throws<ValidationException>(() => EmailAddress.Parse("to", written, "en"));
        Assert.EndsWith("is no e-mail address. Write one such as anna@example.com.", refused.Errors["to"][0], StringComparison.Ordinal);
        Assert.DoesNotContain(refused.Errors["to"][0], letter => char.IsControl(letter));
    }

    [Fact]
    public void Nothing_in_the_head_of_a_letter_can_begin_a_line_of_its_own()
    {
        var draft = new MailDraft("key", MailKinds.Process, new MailRecipient.Colleague(new(1)), "Hello\r\nBcc: boris@example.com\u2028x\0", "a\0b") { Attachments = [new("../a\r\nb.pdf", "application/pdf", [])] };

        Assert.Equal(("Hello Bcc: boris@example.com x", "ab", "..-a b.pdf"), (draft.Subject, draft.Text, draft.Attachments[0].Name));
        Assert.Equal(250, new MailDraft("key", MailKinds.Process, draft.To, new string('x', 400), "").Subject.Length);
        Assert.Throws<ArgumentException>(() => new MailDraft(" ", MailKinds.Process, draft.To, "", ""));
    }
}
