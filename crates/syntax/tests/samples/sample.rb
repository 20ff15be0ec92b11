require 'json'
require_relative 'helper/tool'
autoload :Late, 'late/thing'
module Shop
  LIMIT = 3
  # Serves orders.
  class Orders < Base
    attr_reader :name

    # Gets one.
    def get(id, flag: false, *rest)
      if id && flag || !id
        return nil
      elsif flag
        rest.each { |x| puts x unless x }
      else
        begin
          get(id)
        rescue StandardError => e
          raise
        end
      end
      case id
      when 1, 2 then 'a'
      else 'b'
      end
      ENV['HOME'] ? 1 : Net::HTTP.get('https://example.com')
    end

    def self.build(*args) = new(*args)

    private

    def hidden
      while true do break end
    end
  end
end
